with scored as (
    select * from {{ source('lake_scores', 'churn_reasons') }}
),

final as (
    select
        cast(customer_key as string) as customer_key,
        cast(as_of as date) as as_of,
        cast(reason_rank as bigint) as reason_rank,
        cast(reason_code as string) as reason_code,
        cast(reason_en as string) as reason_en,
        cast(reason_zh as string) as reason_zh,
        cast(contribution as double) as contribution,
        cast(model_version as string) as model_version,
        cast(run_id as string) as run_id
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
