with mentions as (
    select * from {{ ref('int_surveys__keyword_mentions') }}
    where days_ago <= {{ threshold('alerts', 'alert_keyword_days') }}
),

final as (
    select
        'keyword' as signal,
        'keyword' as dimension,
        keyword_code as dimension_value,
        day,
        count(*) as case_count,
        cast(count(*) as double) as total
    from mentions
    group by keyword_code, day
)

select * from final
