{#- The monitoring of a run covers events up to the day before, so its checks count for that day. -#}
with checks as (
    select * from {{ source('lake_scores', 'model_monitoring') }}
),

final as (
    select
        'model_monitoring' as signal,
        'model' as dimension,
        model as dimension_value,
        {{ add_days('as_of', -1) }} as day,
        cast(sum(case when is_alert then 1 else 0 end) as bigint) as case_count,
        cast(sum(case when is_alert then 1 else 0 end) as double) as total
    from checks
    where as_of <= {{ as_of_date() }}
    group by model, as_of
)

select * from final
