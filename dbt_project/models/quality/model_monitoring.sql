with checked as (
    select * from {{ source('lake_scores', 'model_monitoring') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(model as string) as model,
        cast(check_code as string) as check_code,
        cast(subject as string) as subject,
        cast(value as double) as value,
        cast(reference_value as double) as reference_value,
        cast(threshold as double) as threshold,
        cast(is_alert as boolean) as is_alert,
        cast(row_count as bigint) as row_count,
        cast(message_en as string) as message_en,
        cast(message_zh as string) as message_zh,
        cast(model_version as string) as model_version,
        cast(run_id as string) as run_id
    from checked
    where as_of = {{ as_of_date() }}
)

select * from final
