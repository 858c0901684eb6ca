{#- Score = 1 + the number of full fifths of the customers with a strictly lower value, so equal values get equal scores. -#}
with days as (
    select
        *,
        order_date >= {{ add_days(as_of_date(), '-' ~ threshold('value', 'rfm_window_days')) }} as is_in_window
    from {{ ref('int_features__order_days') }}
),

segments as (
    select * from {{ ref('rfm_segments') }}
),

measured as (
    select
        customer_key,
        min(case when order_count > 0 then order_date end) as first_order_date,
        max(case when order_count > 0 then order_date end) as last_order_date,
        coalesce(sum(case when is_in_window then order_count end), 0) as frequency,
        coalesce(sum(case when is_in_window then gross_cents - refund_cents end), 0) as monetary_cents
    from days
    group by customer_key
    having sum(order_count) > 0
),

ranked as (
    select
        *,
        rank() over (order by last_order_date) - 1 as below_recency,
        rank() over (order by frequency) - 1 as below_frequency,
        rank() over (order by monetary_cents) - 1 as below_monetary,
        count(*) over () as customers
    from measured
),

scored as (
    select
        *,
        cast(1 + floor(5.0 * below_recency / customers) as bigint) as recency_score,
        cast(1 + floor(5.0 * below_frequency / customers) as bigint) as frequency_score,
        cast(1 + floor(5.0 * below_monetary / customers) as bigint) as monetary_score
    from ranked
),

combined as (
    select
        *,
        cast(floor((frequency_score + monetary_score + 1) / 2.0) as bigint) as frequency_monetary_score
    from scored
),

final as (
    select
        combined.customer_key,
        {{ as_of_date() }} as as_of,
        combined.first_order_date,
        combined.last_order_date,
        cast({{ days_between('combined.last_order_date', as_of_date()) }} as bigint) as recency_days,
        cast(combined.frequency as bigint) as frequency,
        {{ steady('combined.monetary_cents') }} as monetary_cents,
        combined.recency_score,
        combined.frequency_score,
        combined.monetary_score,
        combined.frequency_monetary_score,
        cast(combined.recency_score * 100 + combined.frequency_score * 10 + combined.monetary_score as string) as rfm_code,
        segments.segment_code,
        segments.segment_en,
        segments.segment_zh
    from combined
    left join segments
        on combined.recency_score between segments.recency_from and segments.recency_to
        and combined.frequency_monetary_score
        between segments.frequency_monetary_from and segments.frequency_monetary_to
)

select * from final
