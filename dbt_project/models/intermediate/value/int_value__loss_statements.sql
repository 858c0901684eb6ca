{{ config(materialized='view') }}
{#- Customer statements before a loss that may explain it: reasons, comments and scores. -#}
with losses as (
    select
        *,
        {{ add_days('lost_at', '-' ~ threshold('value', 'attribution_window_days')) }} as counts_from
    from {{ ref('int_value__losses') }}
),

stated_reasons as (
    select
        losses.customer_key,
        losses.lost_at,
        concat('stated_', keywords.cause) as evidence_code
    from losses
    inner join {{ ref('fct_subscriptions') }} as subscriptions
        on losses.customer_key = subscriptions.customer_key
        and losses.lost_at = {{ to_date('subscriptions.cancelled_at') }}
    inner join {{ ref('loss_keywords') }} as keywords
        on lower(subscriptions.cancel_reason) like concat('%', keywords.keyword, '%')
),

answers as (
    select
        losses.customer_key,
        losses.lost_at,
        responses.response_id,
        responses.responded_at,
        responses.csat,
        responses.comment
    from losses
    inner join {{ ref('fct_survey_responses') }} as responses
        on losses.customer_key = responses.customer_key
        and responses.response_date >= losses.counts_from
        and responses.response_date <= losses.lost_at
),

comments as (
    select
        answers.customer_key,
        answers.lost_at,
        concat('said_', keywords.cause) as evidence_code
    from answers
    inner join {{ ref('loss_keywords') }} as keywords
        on lower(answers.comment) like concat('%', keywords.keyword, '%')
    where not {{ is_csat_top_box('coalesce(answers.csat, 1)') }}
),

last_scores as (
    select
        customer_key,
        lost_at,
        {{ value_at_max('csat', event_order('responded_at', 'response_id')) }} as last_csat
    from answers
    where csat is not null
    group by customer_key, lost_at
),

final as (
    select * from stated_reasons
    union all
    select * from comments
    union all
    select
        customer_key,
        lost_at,
        'low_csat' as evidence_code
    from last_scores
    where {{ is_csat_bottom_box('last_csat') }}
)

select * from final
