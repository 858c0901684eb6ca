-- Selects the cause with the largest total weight of evidence. Its confidence is this weight / (weight of all evidence + 1):
-- the added 1 lowers the confidence where there is little evidence.
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

weights as (
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

cause_weights as (
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

ranked_causes as (
    select
        *,
        row_number() over (partition by customer_key, lost_at order by weight desc, cause_order asc) as cause_rank
    from cause_weights
),

leading_evidence as (
    select
        evidence.*,
        row_number() over (
            partition by evidence.customer_key, evidence.lost_at
            order by evidence.weight desc, evidence.evidence_code asc
        ) as evidence_rank
    from evidence
    inner join ranked_causes
        on evidence.customer_key = ranked_causes.customer_key
        and evidence.lost_at = ranked_causes.lost_at
        and evidence.cause = ranked_causes.cause
        and ranked_causes.cause_rank = 1
),

texts as (
    select
        customer_key,
        lost_at,
        {% for number in (1, 2, 3) -%}
        max(case when evidence_rank = {{ number }} then evidence_en end) as evidence_{{ number }}_en,
        max(case when evidence_rank = {{ number }} then evidence_zh end) as evidence_{{ number }}_zh{{ ',' if not loop.last }}
        {% endfor %}
    from leading_evidence
    group by customer_key, lost_at
),

stated_reasons as (
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
        {{ steady('coalesce(ranked_causes.weight / (weights.total_weight + 1), 0)') }} as confidence,
        stated_reasons.stated_reason,
        cast(coalesce(weights.structural_weight, 0) as double) as structural_weight,
        cast(coalesce(weights.competitive_weight, 0) as double) as competitive_weight,
        cast(coalesce(weights.service_weight, 0) as double) as service_weight,
        cast(coalesce(weights.evidence_count, 0) as bigint) as evidence_count,
        {% for number in (1, 2, 3) -%}
        texts.evidence_{{ number }}_en,
        texts.evidence_{{ number }}_zh{{ ',' if not loop.last }}
        {% endfor %}
    from losses
    left join weights on losses.customer_key = weights.customer_key and losses.lost_at = weights.lost_at
    left join ranked_causes
        on losses.customer_key = ranked_causes.customer_key
        and losses.lost_at = ranked_causes.lost_at
        and ranked_causes.cause_rank = 1
    left join texts on losses.customer_key = texts.customer_key and losses.lost_at = texts.lost_at
    left join stated_reasons
        on losses.customer_key = stated_reasons.customer_key
        and losses.lost_at = stated_reasons.lost_at
    inner join causes on coalesce(ranked_causes.cause, 'unknown') = causes.cause
)

select * from final
