{#- The cause with the most evidence; confidence is its share of all evidence and of one unit of doubt. -#}
-- noqa: disable=LT02,LT05
with losses as (
    select * from {{ ref('int_value__losses') }}
),

causes as (
    select * from {{ ref('loss_causes') }}
),

evidence as (
    select * from {{ ref('int_value__loss_evidence') }}
),

weighed as (
    select
        customer_key,
        lost_at,
        sum(case when cause = 'structural' then weight else 0 end) as structural_weight,
        sum(case when cause = 'competitive' then weight else 0 end) as competitive_weight,
        sum(case when cause = 'service' then weight else 0 end) as service_weight,
        sum(weight) as total_weight,
        count(*) as evidence_count
    from evidence
    group by customer_key, lost_at
),

by_cause as (
    select
        evidence.customer_key,
        evidence.lost_at,
        evidence.cause,
        sum(evidence.weight) as weight,
        max(causes.cause_order) as cause_order
    from evidence
    inner join causes on evidence.cause = causes.cause
    group by evidence.customer_key, evidence.lost_at, evidence.cause
),

ranked as (
    select
        *,
        row_number() over (partition by customer_key, lost_at order by weight desc, cause_order asc) as cause_rank
    from by_cause
),

speaking as (
    select
        evidence.*,
        row_number() over (
            partition by evidence.customer_key, evidence.lost_at
            order by evidence.weight desc, evidence.evidence_code asc
        ) as evidence_rank
    from evidence
    inner join ranked
        on evidence.customer_key = ranked.customer_key
        and evidence.lost_at = ranked.lost_at
        and evidence.cause = ranked.cause
        and ranked.cause_rank = 1
),

worded as (
    select
        customer_key,
        lost_at,
        {% for number in (1, 2, 3) -%}
        max(case when evidence_rank = {{ number }} then evidence_en end) as evidence_{{ number }}_en,
        max(case when evidence_rank = {{ number }} then evidence_zh end) as evidence_{{ number }}_zh{{ ',' if not loop.last }}
        {% endfor %}
    from speaking
    group by customer_key, lost_at
),

reasons as (
    select
        customer_key,
        {{ to_date('cancelled_at') }} as lost_at,
        {{ value_at_max('cancel_reason', event_order('cancelled_at', 'subscription_id')) }} as stated_reason
    from {{ ref('fct_subscriptions') }}
    where customer_key is not null and cancelled_at is not null
    group by customer_key, {{ to_date('cancelled_at') }}
),

final as (
    select
        losses.customer_key,
        losses.lost_at,
        {{ as_of_date() }} as as_of,
        losses.loss_kind,
        cast({{ days_between('losses.relation_began_on', 'losses.lost_at') }} as bigint) as relation_days,
        causes.cause,
        causes.cause_en,
        causes.cause_zh,
        {{ steady('coalesce(ranked.weight / (weighed.total_weight + 1), 0)') }} as confidence,
        reasons.stated_reason,
        cast(coalesce(weighed.structural_weight, 0) as double) as structural_weight,
        cast(coalesce(weighed.competitive_weight, 0) as double) as competitive_weight,
        cast(coalesce(weighed.service_weight, 0) as double) as service_weight,
        cast(coalesce(weighed.evidence_count, 0) as bigint) as evidence_count,
        {% for number in (1, 2, 3) -%}
        worded.evidence_{{ number }}_en,
        worded.evidence_{{ number }}_zh{{ ',' if not loop.last }}
        {% endfor %}
    from losses
    left join weighed on losses.customer_key = weighed.customer_key and losses.lost_at = weighed.lost_at
    left join ranked
        on losses.customer_key = ranked.customer_key
        and losses.lost_at = ranked.lost_at
        and ranked.cause_rank = 1
    left join worded on losses.customer_key = worded.customer_key and losses.lost_at = worded.lost_at
    left join reasons on losses.customer_key = reasons.customer_key and losses.lost_at = reasons.lost_at
    inner join causes on coalesce(ranked.cause, 'unknown') = causes.cause
)

select * from final
