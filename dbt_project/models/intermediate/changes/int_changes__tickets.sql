{#- Tickets whose clocks still run must be recomputed. All clocks of a ticket stop once it is resolved and its level has
    answered, or once it is closed. -#}
{%- set people, versions = ref('int_changes__people'), ref('stg_ticket__ticket_versions') -%}
{%- set previous_tickets = source('previous_run_marts', 'fct_tickets') -%}
with records as (
    select * from {{ ref('int_changes__records') }}
),

final as (
    select record_id as ticket_id
    from records
    where entity = 'ticket'
    {%- if is_incremental_run() %}
    union
    select ticket_id
    from {{ versions }}
    where updated_at >= {{ previous_as_of_timestamp() }}
    union
    select ticket_id
    from {{ previous_tickets }}
    where
        not is_resolved
        or (closed_at is null and level_answered_at is null)
        or customer_key in (select customer_key from {{ people }})
    {%- endif %}
)

select * from final
