{{ config(materialized='incremental', unique_key=['event_id']) }}
with events as (
    select * from {{ ref('stg_ticket__ticket_events') }}
    where occurred_at < {{ as_of_timestamp() }}
    {{ and_changed_records("'ticket'", 'ticket_id') }}
),

final as (
    select
        event_id,
        ticket_id,
        occurred_at,
        lower(trim(event_type)) as event_type,
        employee_id,
        team,
        text,
        row_number() over (partition by ticket_id order by occurred_at, _as_of, _load_id, _row_number) as event_number,
        lag(coalesce(team, employee_id)) over (
            partition by ticket_id order by occurred_at, _as_of, _load_id, _row_number
        ) as previous_handler,
        coalesce(team, employee_id) as handler
    from events
)

select * from final
