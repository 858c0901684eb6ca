{#- Counts retention contacts, and outbound contacts at the touchpoint winback. -#}
with last_losses as (
    select
        customer_key,
        max(lost_at) as lost_at
    from {{ ref('int_value__losses') }}
    group by customer_key
),

interventions as (
    select
        customer_keys.customer_key,
        interventions.intervention_id as attempt_id,
        interventions.contacted_at as attempted_at,
        interventions.channel,
        interventions.outcome
    from {{ ref('stg_crm__interventions') }} as interventions
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on interventions.customer_id = customer_keys.customer_id
    where interventions.contacted_at < {{ as_of_timestamp() }}
),

contacts as (
    select
        customer_keys.customer_key,
        interactions.interaction_id as attempt_id,
        interactions.occurred_at as attempted_at,
        interactions.channel,
        cast(null as string) as outcome
    from {{ ref('stg_crm__interactions') }} as interactions
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on interactions.customer_id = customer_keys.customer_id
    where
        interactions.touchpoint = 'winback'
        and interactions.direction = 'outbound'
        and interactions.occurred_at < {{ as_of_timestamp() }}
),

attempts as (
    select * from interventions
    union all
    select * from contacts
),

final as (
    select
        last_losses.customer_key,
        last_losses.lost_at,
        count(*) as attempt_count,
        max(attempts.attempted_at) as last_attempt_at,
        {{ value_at_max('attempts.channel', event_order('attempts.attempted_at', 'attempts.attempt_id')) }} as last_channel,
        {{ value_at_max('attempts.outcome', event_order('attempts.attempted_at', 'attempts.attempt_id')) }} as last_outcome
    from last_losses
    inner join attempts
        on last_losses.customer_key = attempts.customer_key
        and {{ to_date('attempts.attempted_at') }} > last_losses.lost_at
    group by last_losses.customer_key, last_losses.lost_at
)

select * from final
