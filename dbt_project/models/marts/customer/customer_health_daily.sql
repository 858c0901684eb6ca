{{ config(materialized='incremental', pre_hook="{{ delete_nights('as_of < ' ~ first_health_night()) }}") }}
{%- set components = health_indicators() -%}
{%- set frame = 'over (partition by customer_key order by as_of)' -%}
{%- set two_spans = 2 * health_drop_days() -%}
{%- set first_compared_night = add_days(as_of_date(), -two_spans) if keeps_past_nights() else first_health_night(two_spans) -%}
{%- set is_recent = days_between('lag(as_of) ' ~ frame, 'as_of') ~ ' <= ' ~ health_drop_days() -%}
{#- Each night is compared with the 28 days before it, including nights before the first published one. -#}
with scores as (
    select *
    from {{ ref('int_customer__health_scores') }}
    where
        as_of >= {{ first_compared_night }}
),

night_changes as {{ materialized() }} (
    select
        *,
        case when {{ is_recent }} then lag(as_of) {{ frame }} end as previous_as_of,
        case when {{ is_recent }} then lag(health_score) {{ frame }} end as previous_score,
        {% for component in components -%}
        case when {{ is_recent }} then {{ component }}_points - lag({{ component }}_points) {{ frame }} end as {{ component }}_change,
        {% endfor -%}
        max(health_score) over (
            partition by customer_key
            order by {{ day_number('as_of') }}
            range between {{ health_drop_days() }} preceding and 1 preceding
        ) as highest_score_28d
    from scores
),

score_changes as {{ materialized() }} (
    select
        *,
        health_score - previous_score as score_change,
        least({{ components | join('_change, ') }}_change) as strongest_fall,
        greatest({{ components | join('_change, ') }}_change) as strongest_rise,
        coalesce(highest_score_28d - health_score >= {{ threshold('customer', 'health_drop_points') }}, false) as is_drop
    from night_changes
),

main_movers as {{ materialized() }} (
    select
        *,
        case
            {% for component in components -%}
            when score_change < 0 and {{ component }}_change = strongest_fall then '{{ component }}'
            when score_change > 0 and {{ component }}_change = strongest_rise then '{{ component }}'
            {% endfor -%}
        end as main_mover,
        is_drop and not coalesce({{ is_recent }} and lag(is_drop) {{ frame }}, false) as is_drop_triggered
    from score_changes
),

final as (
    select
        main_movers.customer_key,
        main_movers.as_of,
        main_movers.health_score,
        case
            when main_movers.health_score >= {{ threshold('customer', 'health_healthy_from') }} then 'healthy'
            when main_movers.health_score >= {{ threshold('customer', 'health_watch_from') }} then 'watch'
            else 'critical'
        end as health_state,
        {% for component in components -%}
        main_movers.{{ component }}_score,
        {% endfor -%}
        {% for component in components -%}
        main_movers.{{ component }}_points,
        {% endfor -%}
        main_movers.previous_as_of,
        main_movers.previous_score,
        main_movers.score_change,
        {% for component in components -%}
        main_movers.{{ component }}_change,
        {% endfor -%}
        main_movers.main_mover,
        components.component_en as main_mover_en,
        components.component_zh as main_mover_zh,
        main_movers.highest_score_28d,
        main_movers.is_drop,
        main_movers.is_drop_triggered
    from main_movers
    left join {{ ref('health_components') }} as components on main_movers.main_mover = components.component
    where main_movers.as_of >= {{ first_health_night() }} {{ and_not_yet_built('main_movers.as_of') }}
)

select * from final
