with found as (
    select * from {{ ref('int_value__loss_statements') }}
    union all
    select * from {{ ref('int_value__loss_events') }}
),

evidence as (
    select * from {{ ref('loss_evidence') }}
    where weight > 0
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
    inner join evidence on found.evidence_code = evidence.evidence_code
)

select * from final
