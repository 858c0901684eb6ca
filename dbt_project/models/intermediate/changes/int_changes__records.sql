{#- Per entity, from the contracts: its identifiers, and the times that change the record. -#}
{%- set kinds = record_kinds() -%}
with identifiers as (
    select * from {{ ref('int_changes__identifiers') }}
),

{% for kind in kinds %}
{{ kind.table }} as (
    select * from {{ ref('stg_' ~ kind.source ~ '__' ~ kind.table) }}
),
{% endfor %}

ticket_events as (
    select * from {{ ref('stg_ticket__ticket_events') }}
),

changed as (
    select
        cast(null as string) as entity,
        cast(null as string) as record_id
    from identifiers
    where false
    {%- if is_incremental_run() %}
    {%- for kind in kinds %}
    union all
    select '{{ kind.entity }}', {{ kind.id }} from {{ landed(kind.source, kind.table) }} as arrived
    union all
    select '{{ kind.entity }}', {{ kind.id }} from {{ kind.table }}
    where {% for time in kind.times %}{{ time }} >= {{ previous_as_of_timestamp() }}{% if not loop.last %} or {% endif %}{% endfor %}
    union all
    select '{{ kind.entity }}', {{ kind.id }} from {{ kind.table }}
    where customer_id in (select identifier from identifiers where identifier_type = 'customer_id')
    {%- for kind_of_identifier, column in [
        ('email', normal_email(kind.email)), ('phone', normal_phone(kind.phone)), ('handle', normal_handle(kind.handle))
    ] if kind[kind_of_identifier] %}
    union all
    select '{{ kind.entity }}', {{ kind.id }} from {{ kind.table }}
    where {{ column }} in (select identifier from identifiers where identifier_type = '{{ kind_of_identifier }}')
    {%- endfor %}
    {%- endfor %}
    union all
    select 'ticket', ticket_id from {{ landed('ticket', 'ticket_events') }} as arrived
    union all
    select 'ticket', ticket_id from ticket_events where occurred_at >= {{ previous_as_of_timestamp() }}
    union all
    select 'response', response_id from responses
    where employee_id in (select arrived.employee_id from {{ landed('crm', 'employees') }} as arrived)
    {%- endif %}
),

responses_of_invitations as (
    select
        'response' as entity,
        responses.response_id as record_id
    from responses
    inner join changed
        on changed.entity = 'invitation' and responses.invitation_id = changed.record_id
),

events_of_tickets as (
    select
        'ticket_event' as entity,
        ticket_events.event_id as record_id
    from ticket_events
    inner join changed
        on changed.entity = 'ticket' and ticket_events.ticket_id = changed.record_id
),

final as (
    select * from changed
    union
    select * from responses_of_invitations
    union
    select * from events_of_tickets
)

select * from final
