{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__relations', 'customer_key') }}") }}
-- noqa: disable=LT02,LT05
with activity as (
    select * from {{ ref('int_value__activity_months') }}
),

relations as (
    select
        customer_key,
        relation_number,
        began_on,
        {{ settled_on() }} as settled_on,
        coalesce(lost_on, {{ as_of_date() }}) as judged_until
    from {{ ref('int_value__relations') }}
    where coalesce(lost_on, {{ as_of_date() }}) > {{ months_before(lifecycle_months()) }}
    {{ filter_to_changed('int_changes__relations', 'customer_key', begin='and') }}
),

relation_months as {{ materialized() }} (
    select
        relations.*,
        {% for month in range(1, activity_months() + 1) -%}
        activity.activity_{{ month }}{{ ',' if not loop.last }}
        {% endfor %}
    from relations
    inner join activity on relations.customer_key = activity.customer_key
),

checks as (
    {% for month in range(lifecycle_months() + 1) -%}
    select
        customer_key,
        relation_number,
        began_on,
        {{ months_before(month) }} as checked_on,
        {{ activity_of(month + 1, month + 3) }} as activity_now,
        {{ activity_of(month + 4, month + 6) }} as activity_before,
        {{ activity_of(month + 1, activity_months(), active_only=true) }} as active_months,
        case
            when activity_{{ month + 1 }} > 0 then 0
            when activity_{{ month + 2 }} > 0 then 1
            when activity_{{ month + 3 }} > 0 then 2
            else 3
        end as quiet_months
    from relation_months
    where settled_on <= {{ months_before(month) }} and judged_until > {{ months_before(month) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        customer_key,
        relation_number,
        checked_on,
        {{ steady('activity_now') }} as activity_now,
        {{ steady('activity_before') }} as activity_before,
        case
            when active_months = 0 then 'mature'
            when quiet_months >= {{ threshold('value', 'quiet_months') }} then 'declining'
            when began_on > {{ add_months('checked_on', -6) }} then 'growing'
            when activity_now >= activity_before * (1 + {{ threshold('value', 'growth_share') }}) then 'growing'
            when activity_now <= activity_before * (1 - {{ threshold('value', 'decline_share') }}) then 'declining'
            else 'mature'
        end as stage
    from checks
)

select * from final
