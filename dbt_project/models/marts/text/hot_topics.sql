{{ config(tags=['decide']) }}
with scored as (
    select * from {{ source('lake_scores', 'hot_topics') }}
),

final as (
    select
        cast(topic_id as string) as topic_id,
        cast(as_of as date) as as_of,
        cast(metric_date as date) as metric_date,
        cast(language as string) as language,
        cast(topic_name as string) as topic_name,
        cast(terms as string) as terms,
        cast(first_seen_on as date) as first_seen_on,
        cast(is_new as boolean) as is_new,
        cast(window_days as bigint) as window_days,
        cast(mention_count as bigint) as mention_count,
        cast(expected_count as double) as expected_count,
        cast(baseline_days as bigint) as baseline_days,
        cast(baseline_count as bigint) as baseline_count,
        cast(volume_ratio as double) as volume_ratio,
        cast(p_value as double) as p_value,
        cast(q_value as double) as q_value,
        cast(is_burst as boolean) as is_burst,
        cast(false_alarm_rate as double) as false_alarm_rate,
        cast(customer_count as bigint) as customer_count,
        cast(value_exposed_cents as double) as value_exposed_cents,
        cast(mean_sentiment as double) as mean_sentiment,
        cast(negative_share as double) as negative_share,
        cast(quote_1 as string) as quote_1,
        cast(quote_2 as string) as quote_2,
        cast(quote_3 as string) as quote_3,
        cast(is_reportable as boolean) as is_reportable
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
