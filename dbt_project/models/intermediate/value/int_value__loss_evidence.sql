{#- What was said and seen in the days before a loss that speaks for one of its causes. -#}
with losses as (
    select
        *,
        {{ add_days('lost_at', '-' ~ threshold('value', 'attribution_window_days')) }} as counts_from
    from {{ ref('int_value__losses') }}
),

stated as (
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

said as (
    select
        answers.customer_key,
        answers.lost_at,
        concat('said_', keywords.cause) as evidence_code
    from answers
    inner join {{ ref('loss_keywords') }} as keywords
        on lower(answers.comment) like concat('%', keywords.keyword, '%')
    where coalesce(answers.csat, 1) <= 3
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

tickets as (
    select
        losses.customer_key,
        losses.lost_at,
        max(case
            when tickets.is_complaint and tickets.opened_at >= cast(losses.counts_from as timestamp) then 1
            else 0
        end) as has_complaint,
        max(case
            when coalesce(tickets.resolved_at, tickets.closed_at, timestamp '9999-12-31 00:00:00')
                >= {{ timestamp_add_days('cast(losses.lost_at as timestamp)', 1) }}
                and tickets.opened_at >= cast(losses.counts_from as timestamp) then 1
            else 0
        end) as has_unsolved,
        max(case
            when tickets.reopen_count > 0 and tickets.opened_at >= cast(losses.counts_from as timestamp) then 1
            else 0
        end) as has_reopened
    from losses
    inner join {{ ref('fct_tickets') }} as tickets
        on losses.customer_key = tickets.customer_key
        and tickets.opened_at < {{ timestamp_add_days('cast(losses.lost_at as timestamp)', 1) }}
    group by losses.customer_key, losses.lost_at
),

late as (
    select
        losses.customer_key,
        losses.lost_at
    from losses
    inner join {{ ref('fct_orders') }} as orders
        on losses.customer_key = orders.customer_key
        and orders.is_late
        and {{ to_date('orders.delivered_at') }} <= losses.lost_at
        and {{ to_date('orders.delivered_at') }} >= losses.counts_from
),

prices as (
    select
        versions.customer_key,
        versions.valid_from,
        versions.monthly_price_cents
        > lag(versions.monthly_price_cents) over (partition by versions.subscription_id order by versions.version_number) as is_rise
    from {{ ref('int_subscription_versions') }} as versions
),

raised as (
    select
        losses.customer_key,
        losses.lost_at
    from losses
    inner join prices
        on losses.customer_key = prices.customer_key
        and prices.is_rise
        and {{ to_date('prices.valid_from') }} <= losses.lost_at
        and {{ to_date('prices.valid_from') }} >= losses.counts_from
),

faded as (
    select
        losses.customer_key,
        losses.lost_at
    from losses
    inner join {{ ref('int_value__lifecycle_transitions') }} as transitions
        on losses.customer_key = transitions.customer_key
        and losses.lost_at = transitions.entered_on
    left join tickets on losses.customer_key = tickets.customer_key and losses.lost_at = tickets.lost_at
    where
        transitions.previous_stage = 'declining'
        and coalesce(tickets.has_complaint + tickets.has_unsolved + tickets.has_reopened, 0) = 0
),

found as (
    select * from stated
    union all
    select * from said
    union all
    select
        customer_key,
        lost_at,
        'low_csat' as evidence_code
    from last_scores
    where last_csat <= 2
    union all
    select
        customer_key,
        lost_at,
        'complaint' as evidence_code
    from tickets
    where has_complaint = 1
    union all
    select
        customer_key,
        lost_at,
        'unsolved_ticket' as evidence_code
    from tickets
    where has_unsolved = 1
    union all
    select
        customer_key,
        lost_at,
        'reopened_ticket' as evidence_code
    from tickets
    where has_reopened = 1
    union all
    select
        customer_key,
        lost_at,
        'late_delivery' as evidence_code
    from late
    union all
    select
        customer_key,
        lost_at,
        'price_rise' as evidence_code
    from raised
    union all
    select
        customer_key,
        lost_at,
        'faded_quietly' as evidence_code
    from faded
),

final as (
    select distinct
        found.customer_key,
        found.lost_at,
        evidence.evidence_code,
        evidence.cause,
        evidence.weight,
        evidence.evidence_en,
        evidence.evidence_zh
    from found
    inner join {{ ref('loss_evidence') }} as evidence on found.evidence_code = evidence.evidence_code
    where evidence.weight > 0
)

select * from final
