with scored as (
    select * from {{ source('lake_scores', 'churn') }}
),

final as (
    select
        cast(customer_key as string) as customer_key,
        cast(as_of as date) as as_of,
        cast(churn_probability as double) as churn_probability,
        cast(risk_decile as bigint) as risk_decile,
        cast(model_version as string) as model_version,
        cast(run_id as string) as run_id
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
