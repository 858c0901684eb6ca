{{ config(materialized='incremental', pre_hook="{{ delete_nights(
    'as_of not in (select distinct as_of from ' ~ ref('int_customer__health_inputs') ~ ')'
) }}") }}
{%- set components = health_indicators() -%}
-- noqa: disable=LT02,LT05
with new_nights as (
    select distinct as_of
    from {{ ref('int_customer__health_inputs') }}
    where true {{ and_not_yet_built('as_of') }}
),

indicators as (
    select inputs.*
    from {{ ref('int_customer__health_inputs') }} as inputs
    inner join new_nights on inputs.as_of = new_nights.as_of
),

rules as (
    select
        {% for indicator in components.values() | sum(start=[]) -%}
        max(case when indicator = '{{ indicator }}' then weight end) as {{ indicator }}_weight,
        max(case when indicator = '{{ indicator }}' then worst_value end) as {{ indicator }}_worst,
        max(case when indicator = '{{ indicator }}' then best_value end) as {{ indicator }}_best{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('health_indicators') }}
),

weights as (
    select
        {% for component in components -%}
        max(case when component = '{{ component }}' then weight end) as {{ component }}_weight{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('health_components') }}
),

component_scores as (
    select
        indicators.customer_key,
        indicators.as_of,
        {% for component, names in components.items() -%}
        {%- set pairs = [] -%}
        {%- for name in names %}{% do pairs.append(('rules.' ~ name ~ '_weight', indicator_points(name))) %}{% endfor -%}
        {{ weighted_mean_of(pairs) }} as {{ component }}_score{{ ',' if not loop.last }}
        {% endfor %}
    from indicators
    cross join rules
),

weighted as (
    select
        component_scores.*,
        {% for component in components -%}
        case when {{ component }}_score is null then 0 else weights.{{ component }}_weight end as {{ component }}_share{{ ',' if not loop.last }}
        {% endfor %}
    from component_scores
    cross join weights
),

running as (
    select
        *,
        {%- set terms = [] %}
        {%- for component in components %}
        {%- do terms.append('coalesce(' ~ component ~ '_score * ' ~ component ~ '_share, 0)') %}
        cast(round({{ steady('(' ~ terms | join(' + ') ~ ') / (' ~ components | join('_share + ') ~ '_share)') }}, 0) as bigint)
            as points_up_to_{{ component }}{{ ',' if not loop.last }}
        {%- endfor %}
    from weighted
    where {{ components | join('_share + ') }}_share > 0
),

final as (
    select
        customer_key,
        as_of,
        points_up_to_value as health_score,
        {{ steady('activity_score') }} as activity_score,
        {{ steady('satisfaction_score') }} as satisfaction_score,
        {{ steady('service_score') }} as service_score,
        {{ steady('value_score') }} as value_score,
        points_up_to_activity as activity_points,
        points_up_to_satisfaction - points_up_to_activity as satisfaction_points,
        points_up_to_service - points_up_to_satisfaction as service_points,
        points_up_to_value - points_up_to_service as value_points
    from running
)

select * from final
