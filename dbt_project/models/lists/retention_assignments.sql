with assignments as (
    select * from {{ ref('int_retention__assignments') }}
),

final as (
    select
        {{ as_of_date() }} as as_of,
        customer_key,
        customer_id,
        arm,
        cast(eligible_rank as bigint) as eligible_rank,
        churn_probability,
        expected_profit_cents,
        cast({{ var('retention_holdout_share') }} as double) as holdout_share
    from assignments
)

select * from final
