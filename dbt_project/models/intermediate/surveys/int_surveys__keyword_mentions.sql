{#- English spellings match whole words only. Chinese is written without spaces, so its spellings match anywhere in the
    text. A ticket, comment, post or contact mentions a keyword once a day, regardless of how often and in which
    spellings. -#}
with settings as (
    select
        greatest(
            2 * {{ threshold('surveys', 'keyword_window_days') }}, {{ threshold('alerts', 'alert_keyword_days') }}
        ) as days
),

texts as {{ materialized() }} (
    select
        written.*,
        {{ to_date('written.occurred_at') }} as day,
        {{ days_between('written.occurred_at', as_of_date()) }} as days_ago,
        concat(' ', trim({{ replace_all("lower(written.text)", "[^a-z0-9]+", " ") }}), ' ') as english_words
    from {{ ref('int_surveys__texts') }} as written
    cross join settings
    where {{ days_between('written.occurred_at', as_of_date()) }} <= settings.days
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

matches as (
    select
        english.keyword_code,
        texts.source,
        texts.source_id,
        texts.customer_key,
        texts.occurred_at,
        texts.day,
        texts.days_ago,
        1 as is_english,
        0 as is_chinese
    from texts
    inner join english on texts.english_words like english.pattern
    union all
    select
        chinese.keyword_code,
        texts.source,
        texts.source_id,
        texts.customer_key,
        texts.occurred_at,
        texts.day,
        texts.days_ago,
        0 as is_english,
        1 as is_chinese
    from texts
    inner join chinese on texts.text like chinese.pattern
),

final as (
    select
        keyword_code,
        source,
        source_id,
        day,
        days_ago,
        max(customer_key) as customer_key,
        max(occurred_at) as last_mentioned_at,
        max(is_english) = 1 as is_english,
        max(is_chinese) = 1 as is_chinese
    from matches
    group by keyword_code, source, source_id, day, days_ago
)

select * from final
