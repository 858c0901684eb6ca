{{ config(materialized='incremental', unique_key=['interaction_id']) }}
with landed as (
    select *
    from {{ landed('crm', 'interactions') }} as landed
    {{ with_existing_versions('crm', 'interactions', ['interaction_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by interaction_id
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        interaction_id,
        customer_id,
        occurred_at,
        channel,
        touchpoint,
        direction,
        employee_id,
        duration_seconds,
        wait_seconds,
        promised_wait_seconds,
        text,
        recorded_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
