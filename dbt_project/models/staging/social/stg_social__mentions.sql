{{ config(materialized='incremental', unique_key=['mention_id']) }}
with landed as (
    select *
    from {{ landed('social', 'mentions') }} as landed
    {{ with_existing_versions('social', 'mentions', ['mention_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by mention_id
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        mention_id,
        occurred_at,
        platform,
        author_handle,
        customer_id,
        text,
        language,
        reach,
        recorded_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
