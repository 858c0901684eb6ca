with reasons as (
    select * from {{ ref('churn_reasons') }}
),

final as (
    select
        customer_key,
        max(case when reason_rank = 1 then reason_en end) as reason_1,
        max(case when reason_rank = 1 then reason_zh end) as reason_1_zh,
        max(case when reason_rank = 2 then reason_en end) as reason_2,
        max(case when reason_rank = 2 then reason_zh end) as reason_2_zh,
        max(case when reason_rank = 3 then reason_en end) as reason_3,
        max(case when reason_rank = 3 then reason_zh end) as reason_3_zh
    from reasons
    group by customer_key
)

select * from final
