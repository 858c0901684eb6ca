{{ config(materialized='incremental', unique_key=['ticket_id', 'updated_at']) }}
{#- Keeps every landed version; `stg_ticket__tickets` keeps only the newest. -#}
with landed as (
    select *
    from {{ landed('ticket', 'tickets') }} as landed
    {{ with_existing_versions('ticket', 'tickets', ['ticket_id', 'updated_at']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by ticket_id, updated_at
            order by _as_of desc, _load_id desc, _row_number desc
        ) as copy_rank
    from landed
),

final as (
    select
        ticket_id,
        updated_at,
        status,
        lower(trim(priority)) as priority,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where copy_rank = 1
)

select * from final
