{{ config(tags=['decide']) }}
with movements as (
    select * from {{ source('lake_scores', 'metric_movements') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(metric as string) as metric,
        cast(segment as string) as segment,
        cast(days as bigint) as days,
        cast(before_from as date) as before_from,
        cast(before_to as date) as before_to,
        cast(after_from as date) as after_from,
        cast(after_to as date) as after_to,
        cast(part as string) as part,
        cast(part_code as string) as part_code,
        cast(part_en as string) as part_en,
        cast(part_zh as string) as part_zh,
        cast(contribution as double) as contribution,
        cast(value_before as double) as value_before,
        cast(value_after as double) as value_after,
        cast(change as double) as change,
        cast(count_before as bigint) as count_before,
        cast(count_after as bigint) as count_after,
        cast(is_reportable as boolean) as is_reportable,
        cast(model_version_before as string) as model_version_before,
        cast(model_version_after as string) as model_version_after
    from movements
    where as_of = {{ as_of_date() }}
)

select * from final
