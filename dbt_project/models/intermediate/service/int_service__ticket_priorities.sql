{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- The first version is valid from the start, because the priority before the first export is unknown. -#}
with versions as (
    select * from {{ ref('stg_ticket__ticket_versions') }}
    where (updated_at is null or updated_at < {{ as_of_timestamp() }})
    {{ filter_to_changed('int_changes__tickets', 'ticket_id', begin='and') }}
),

priorities as (
    select * from {{ ref('ticket_priorities') }}
),

default_priority as (
    select max(case when is_default then priority end) as priority
    from priorities
),

with_known_priority as (
    select
        versions.ticket_id,
        versions.updated_at,
        coalesce(priorities.priority, default_priority.priority) as priority,
        versions._as_of,
        versions._load_id,
        versions._row_number
    from versions
    cross join default_priority
    left join priorities on versions.priority = priorities.priority
),

with_previous as (
    select
        *,
        lag(priority) over (
            partition by ticket_id order by updated_at nulls first, _as_of, _load_id, _row_number
        ) as priority_before
    from with_known_priority
),

priority_changes as {{ materialized() }} (
    select
        ticket_id,
        priority,
        row_number() over (partition by ticket_id order by updated_at nulls first, _as_of, _load_id, _row_number)
            as change_number,
        updated_at,
        lead(updated_at) over (
            partition by ticket_id order by updated_at nulls first, _as_of, _load_id, _row_number
        ) as next_at
    from with_previous
    where priority_before is null or priority != priority_before
),

final as (
    select
        ticket_id,
        cast(change_number as bigint) as change_number,
        priority,
        case when change_number = 1 then timestamp '1900-01-01 00:00:00' else updated_at end as valid_from,
        coalesce(next_at, timestamp '9999-12-31 00:00:00') as valid_to
    from priority_changes
)

select * from final
