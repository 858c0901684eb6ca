{{ config(materialized='incremental', unique_key=['event_id']) }}
with landed as (
    select *
    from {{ landed('ticket', 'ticket_events') }} as landed
    {{ with_existing_versions('ticket', 'ticket_events', ['event_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by event_id
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        event_id,
        ticket_id,
        occurred_at,
        event_type,
        employee_id,
        team,
        text,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
