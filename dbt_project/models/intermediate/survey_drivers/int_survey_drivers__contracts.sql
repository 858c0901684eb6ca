{#- Price changes before the response are in int_survey_drivers__events. -#}
with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
    where customer_key is not null
),

running_contracts as (
    select
        responses.response_id,
        responses.responded_at,
        subscriptions.subscription_id,
        subscriptions.started_at
    from responses
    inner join {{ ref('fct_subscriptions') }} as subscriptions
        on responses.customer_key = subscriptions.customer_key
        and subscriptions.started_at < responses.responded_at
        and coalesce(subscriptions.cancelled_at >= responses.responded_at, true)
),

contract_prices as (
    select
        running_contracts.response_id,
        running_contracts.responded_at,
        running_contracts.started_at,
        running_contracts.subscription_id,
        max(case when {{ is_valid_at('running_contracts.responded_at') }} then versions.monthly_price_cents end) as price_cents
    from running_contracts
    inner join {{ ref('int_subscription_versions') }} as versions
        on running_contracts.subscription_id = versions.subscription_id
    group by
        running_contracts.response_id, running_contracts.responded_at, running_contracts.started_at,
        running_contracts.subscription_id
),

final as (
    select
        response_id,
        cast({{ days_between('min(started_at)', 'max(responded_at)') }} as double) as tenure_days,
        cast(sum(price_cents) as double) as monthly_price_cents
    from contract_prices
    group by response_id
)

select * from final
