{%- set dimensions = ['segment', 'channel', 'touchpoint'] -%}
{#- The cells are the strata for nonresponse weighting. The sums of history compare customers who answered with
    customers who did not. -#}
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

by_dimension as (
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
        by_dimension.dimension,
        by_dimension.dimension_value,
        windows.window_days,
        by_dimension.cell_touchpoint,
        by_dimension.cell_segment,
        by_dimension.cell_has_ticket,
        count(*) as invited_count,
        sum(by_dimension.answered) as answered_count,
        count(case when by_dimension.is_answered then by_dimension.csat end) as csat_count,
        {{ steady('sum(case when by_dimension.is_answered then by_dimension.csat end)') }} as csat_sum,
        count(case when by_dimension.is_answered then by_dimension.nps end) as nps_count,
        {{ steady('sum(case when by_dimension.is_answered then by_dimension.recommendation end)') }} as nps_sum,
        count(case when by_dimension.is_answered then by_dimension.ticket_count end) as known_answered_count,
        {%- for history in ['ticket_count', 'spend_cents'] %}
        {%- for side in ['answered', 'silent'] %}
        {{ steady('sum(by_dimension.' ~ history ~ ' * by_dimension.' ~ side ~ ')') }} as {{ history }}_{{ side }}_sum,
        {{ steady('sum(power(by_dimension.' ~ history ~ ', 2) * by_dimension.' ~ side ~ ')') }} as {{ history }}_{{ side }}_squares,
        {%- endfor %}
        {%- endfor %}
        count(case when not by_dimension.is_answered then by_dimension.ticket_count end) as known_silent_count
    from by_dimension
    inner join windows on by_dimension.days_ago between 1 and windows.window_days
    group by
        by_dimension.dimension, by_dimension.dimension_value, windows.window_days, by_dimension.cell_touchpoint, by_dimension.cell_segment,
        by_dimension.cell_has_ticket
)

select * from final
