{{ config(materialized='incremental', unique_key=['customer_id', 'usage_date', 'feature']) }}
with landed as (
    select *
    from {{ landed('crm', 'usage_daily') }} as landed
    {{ with_existing_versions('crm', 'usage_daily', ['customer_id', 'usage_date', 'feature']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, usage_date, feature
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        customer_id,
        usage_date,
        feature,
        sessions,
        minutes,
        outage_minutes,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
