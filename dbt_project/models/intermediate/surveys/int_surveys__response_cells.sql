{%- set dimensions = ['segment', 'channel', 'touchpoint'] -%}
{#- Invitations whose time for an answer ended in the window, counted by cell: touchpoint, segment, and whether the customer
    had a ticket shortly before. The cells are what answers are weighted by; sums of history tell who answers from who does not. -#}
with invitations as (
    select
        *,
        cast(case when is_answered then 1 else 0 end as double) as answered,
        cast(case when is_answered then 0 else 1 end as double) as silent,
        {{ nps_points('nps') }} as recommendation,
        coalesce(touchpoint, 'unknown') as cell_touchpoint,
        coalesce(segment, 'unknown') as cell_segment,
        coalesce(ticket_count > 0, false) as cell_has_ticket
    from {{ ref('int_surveys__invitations') }}
),

windows as (
    select * from {{ ref('metric_windows') }}
),

placed as (
    select
        'overall' as dimension,
        'all' as dimension_value,
        invitations.*
    from invitations
    {%- for dimension in dimensions %}
    union all
    select
        '{{ dimension }}' as dimension,
        coalesce({{ dimension }}, 'unknown') as dimension_value,
        invitations.*
    from invitations
    {%- endfor %}
),

final as (
    select
        placed.dimension,
        placed.dimension_value,
        windows.window_days,
        placed.cell_touchpoint,
        placed.cell_segment,
        placed.cell_has_ticket,
        count(*) as invited_count,
        sum(placed.answered) as answered_count,
        count(case when placed.is_answered then placed.csat end) as csat_count,
        {{ steady('sum(case when placed.is_answered then placed.csat end)') }} as csat_sum,
        count(case when placed.is_answered then placed.nps end) as nps_count,
        {{ steady('sum(case when placed.is_answered then placed.recommendation end)') }} as nps_sum,
        count(case when placed.is_answered then placed.ticket_count end) as known_answered_count,
        {%- for history in ['ticket_count', 'spend_cents'] %}
        {%- for side in ['answered', 'silent'] %}
        {{ steady('sum(placed.' ~ history ~ ' * placed.' ~ side ~ ')') }} as {{ history }}_{{ side }}_sum,
        {{ steady('sum(power(placed.' ~ history ~ ', 2) * placed.' ~ side ~ ')') }} as {{ history }}_{{ side }}_squares,
        {%- endfor %}
        {%- endfor %}
        count(case when not placed.is_answered then placed.ticket_count end) as known_silent_count
    from placed
    inner join windows on placed.days_ago between 1 and windows.window_days
    group by
        placed.dimension, placed.dimension_value, windows.window_days, placed.cell_touchpoint, placed.cell_segment,
        placed.cell_has_ticket
)

select * from final
