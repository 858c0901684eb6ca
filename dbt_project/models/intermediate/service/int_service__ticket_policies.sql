{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__tickets', 'ticket_id') }}") }}
{#- The service-level agreement depends on the customer's lane at opening and on the ticket's priority at the first
    response or the solution; the current priority is used if that event has not happened. -#}
with tickets as (
    select
        tickets.*,
        coalesce(tickets.first_response_at, tickets.resolved_at, tickets.closed_at, {{ as_of_timestamp() }}) as answered_at,
        case when tickets.is_resolved then coalesce(tickets.resolved_at, tickets.closed_at) else {{ as_of_timestamp() }} end
            as solved_at
    from {{ ref('int_service__tickets') }} as tickets
    {{ filter_to_changed('int_changes__tickets', 'ticket_id') }}
),

vip_versions as (
    select
        tickets.ticket_id,
        versions.is_vip,
        row_number() over (
            partition by tickets.ticket_id
            order by
                case when versions.valid_from <= tickets.opened_at then 0 else 1 end,
                case when versions.valid_from <= tickets.opened_at then versions.valid_from end desc,
                versions.valid_from
        ) as version_rank
    from tickets
    inner join {{ ref('dim_customers') }} as versions on tickets.customer_key = versions.customer_key
),

lanes as (
    select * from {{ ref('service_lanes') }}
),

calendars as (
    select max(case when is_default then calendar end) as default_calendar
    from {{ ref('business_calendars') }}
),

classified as (
    select
        tickets.ticket_id,
        coalesce(teams.calendar, calendars.default_calendar) as calendar,
        coalesce(vip_versions.is_vip, false) as is_vip,
        {% for moment in ['opened', 'answered', 'solved'] -%}
        {{ moment }}_priority.priority as {{ moment }}_priority,
        {% endfor -%}
        lanes.lane
    from tickets
    cross join calendars
    left join {{ ref('service_teams') }} as teams on tickets.team = teams.team
    left join vip_versions on tickets.ticket_id = vip_versions.ticket_id and vip_versions.version_rank = 1
    left join lanes on coalesce(vip_versions.is_vip, false) = lanes.is_vip
    {% for moment in ['opened', 'answered', 'solved'] -%}
    left join {{ ref('int_service__ticket_priorities') }} as {{ moment }}_priority
        on tickets.ticket_id = {{ moment }}_priority.ticket_id
        and tickets.{{ moment }}_at >= {{ moment }}_priority.valid_from
        and tickets.{{ moment }}_at < {{ moment }}_priority.valid_to
    {% endfor %}
),

final as (
    select
        classified.ticket_id,
        classified.calendar,
        classified.is_vip,
        classified.lane,
        classified.opened_priority as priority_at_opening,
        classified.answered_priority as priority_at_first_response,
        classified.solved_priority as priority_at_resolution,
        response.clock as first_response_clock,
        response.first_response_minutes as first_response_target_minutes,
        response.at_risk_share as first_response_at_risk_share,
        resolution.clock as resolution_clock,
        resolution.resolution_minutes as resolution_target_minutes,
        resolution.at_risk_share as resolution_at_risk_share
    from classified
    left join {{ ref('sla_policies') }} as response
        on classified.answered_priority = response.priority and classified.lane = response.lane
    left join {{ ref('sla_policies') }} as resolution
        on classified.solved_priority = resolution.priority and classified.lane = resolution.lane
)

select * from final
