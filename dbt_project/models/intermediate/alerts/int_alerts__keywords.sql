{#- The words that `keyword_watch` counts, by day. A text mentions a keyword once. -#}
with texts as {{ materialized() }} (
    select
        source,
        source_id,
        {{ to_date('occurred_at') }} as day,
        text,
        concat(' ', trim({{ replace_all("lower(text)", "[^a-z0-9]+", " ") }}), ' ') as english_words
    from {{ ref('int_surveys__texts') }}
    where days_ago <= {{ threshold('alerts', 'alert_keyword_days') }}
),

english as (
    select
        keyword_code,
        concat('% ', trim({{ replace_all("lower(spelling)", "[^a-z0-9]+", " ") }}), ' %') as pattern
    from {{ ref('keyword_spellings') }}
    where language = 'en'
),

chinese as (
    select
        keyword_code,
        concat('%', trim(spelling), '%') as pattern
    from {{ ref('keyword_spellings') }}
    where language = 'zh'
),

found as (
    select
        english.keyword_code,
        texts.source,
        texts.source_id,
        texts.day
    from texts
    inner join english on texts.english_words like english.pattern
    union
    select
        chinese.keyword_code,
        texts.source,
        texts.source_id,
        texts.day
    from texts
    inner join chinese on texts.text like chinese.pattern
),

final as (
    select
        'keyword' as signal,
        'keyword' as dimension,
        keyword_code as dimension_value,
        day,
        count(*) as case_count,
        cast(count(*) as double) as total
    from found
    group by keyword_code, day
)

select * from final
