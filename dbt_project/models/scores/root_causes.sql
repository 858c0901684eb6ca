with scored as (
    select * from {{ source('lake_scores', 'root_causes') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(scope as string) as scope,
        cast(customer_key as string) as customer_key,
        cast(response_id as string) as response_id,
        cast(segment as string) as segment,
        cast(week_start as date) as week_start,
        cast(outcome as string) as outcome,
        cast(score as double) as score,
        cast(cause_rank as bigint) as cause_rank,
        cast(cause_code as string) as cause_code,
        cast(cause_en as string) as cause_en,
        cast(cause_zh as string) as cause_zh,
        cast(contribution as double) as contribution,
        cast(cause_share as double) as cause_share,
        cast(response_count as bigint) as response_count,
        cast(is_reportable as boolean) as is_reportable,
        cast(model_version as string) as model_version,
        cast(run_id as string) as run_id
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
