{%- set stages = ['prospect', 'new', 'growing', 'mature', 'declining', 'lapsed', 'won_back'] -%}
-- noqa: disable=LT02,LT05
with transitions as (
    select * from {{ ref('int_value__lifecycle_transitions') }}
),

stages as (
    select * from {{ ref('lifecycle_stages') }}
),

latest_relations as (
    select
        customer_key,
        max(relation_number) as relation_count,
        min(relation_kind) as relation_kind,
        min(began_on) as first_began_on,
        max(lost_on) as last_lost_on
    from {{ ref('int_value__relations') }}
    group by customer_key
),

current_stages as (
    select *
    from transitions
    where left_on is null
),

entered as (
    select
        customer_key,
        count(*) as transition_count,
        {%- for stage in stages %}
        max(case when stage = '{{ stage }}' then entered_on end) as {{ stage }}_on{{ ',' if not loop.last }}
        {%- endfor %}
    from transitions
    group by customer_key
),

final as (
    select
        current_stages.customer_key,
        {{ as_of_date() }} as as_of,
        coalesce(latest_relations.relation_kind, 'none') as relation_kind,
        current_stages.stage,
        stages.stage_en,
        stages.stage_zh,
        nullif(current_stages.entered_on, date '1900-01-01') as stage_since,
        cast({{ days_between("nullif(current_stages.entered_on, date '1900-01-01')", as_of_date()) }} as bigint) as days_in_stage,
        current_stages.previous_stage,
        cast(coalesce(latest_relations.relation_count, 0) as bigint) as relation_count,
        latest_relations.first_began_on,
        latest_relations.last_lost_on,
        {%- for stage in stages %}
        nullif(entered.{{ stage }}_on, date '1900-01-01') as {{ stage }}_on,
        {%- endfor %}
        cast(entered.transition_count as bigint) as transition_count
    from current_stages
    inner join entered on current_stages.customer_key = entered.customer_key
    left join latest_relations on current_stages.customer_key = latest_relations.customer_key
    left join stages on current_stages.stage = stages.stage
)

select * from final
