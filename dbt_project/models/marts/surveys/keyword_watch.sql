with rules as (
    select * from {{ ref('keyword_rules') }}
),

settings as (
    select
        cast({{ threshold('surveys', 'keyword_window_days') }} as bigint) as window_days,
        cast({{ threshold('surveys', 'keyword_threshold') }} as bigint) as threshold_count,
        cast({{ threshold('surveys', 'keyword_level') }} as bigint) as raised_level
),

-- A ticket that mentions a keyword on several days counts once per period. Period 0 ends on as_of, period 1 is the one before.
mentions as (
    select
        found.keyword_code,
        found.source,
        found.source_id,
        case when found.days_ago <= settings.window_days then 0 else 1 end as period,
        max(found.customer_key) as customer_key,
        max(found.last_mentioned_at) as last_mentioned_at,
        max(case when found.is_english then 1 else 0 end) = 1 as is_english,
        max(case when found.is_chinese then 1 else 0 end) = 1 as is_chinese
    from {{ ref('int_surveys__keyword_mentions') }} as found
    inner join settings on found.days_ago <= 2 * settings.window_days
    group by
        found.keyword_code,
        found.source,
        found.source_id,
        case when found.days_ago <= settings.window_days then 0 else 1 end
),

texts as (
    select count(*) as text_count from {{ ref('int_surveys__texts') }}
),

mention_counts as (
    select
        keyword_code,
        count(case when period = 0 then 1 end) as mention_count,
        count(distinct case when period = 0 then customer_key end) as customer_count,
        count(case when period = 0 and is_english then 1 end) as english_count,
        count(case when period = 0 and is_chinese then 1 end) as chinese_count,
        count(case when period = 0 and source = 'survey' then 1 end) as survey_count,
        count(case when period = 0 and source = 'ticket' then 1 end) as ticket_count,
        count(case when period = 0 and source = 'social' then 1 end) as social_count,
        count(case when period = 0 and source = 'contact' then 1 end) as contact_count,
        count(case when period = 1 then 1 end) as previous_mention_count,
        max(last_mentioned_at) as last_mentioned_at
    from mentions
    group by keyword_code
),

watched_keywords as (
    select
        rules.keyword_code,
        rules.keyword_en,
        rules.keyword_zh,
        settings.window_days,
        coalesce(rules.threshold_count, settings.threshold_count) as threshold_count,
        coalesce(rules.raised_level, settings.raised_level) as raised_level
    from rules
    cross join settings
    cross join texts
    where texts.text_count > 0
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        watched_keywords.keyword_code,
        watched_keywords.keyword_en,
        watched_keywords.keyword_zh,
        watched_keywords.window_days,
        coalesce(mention_counts.mention_count, 0) as mention_count,
        coalesce(mention_counts.customer_count, 0) as customer_count,
        coalesce(mention_counts.english_count, 0) as english_count,
        coalesce(mention_counts.chinese_count, 0) as chinese_count,
        coalesce(mention_counts.survey_count, 0) as survey_count,
        coalesce(mention_counts.ticket_count, 0) as ticket_count,
        coalesce(mention_counts.social_count, 0) as social_count,
        coalesce(mention_counts.contact_count, 0) as contact_count,
        coalesce(mention_counts.previous_mention_count, 0) as previous_mention_count,
        mention_counts.last_mentioned_at,
        watched_keywords.threshold_count,
        coalesce(mention_counts.mention_count, 0) > watched_keywords.threshold_count as is_over_threshold,
        case
            when coalesce(mention_counts.mention_count, 0) > watched_keywords.threshold_count then watched_keywords.raised_level
            when coalesce(mention_counts.mention_count, 0) > 0 then cast(1 as bigint)
            else cast(0 as bigint)
        end as level
    from watched_keywords
    left join mention_counts on watched_keywords.keyword_code = mention_counts.keyword_code
)

select * from final
