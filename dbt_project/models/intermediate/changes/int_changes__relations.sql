{%- set relations, settles_on = ref('int_value__relations'), settled_on() -%}
{%- set previous_relations = source('previous_run', 'int_value__relations_previous') -%}
with customers as (
    select * from {{ ref('int_changes__customers') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

{% if is_in_same_month() -%}
relations as (
    select * from {{ relations }}
),

previous_relations as (
    select * from {{ previous_relations }}
),

differences as (
    (select * from previous_relations except select * from relations)
    union all
    (select * from relations except select * from previous_relations)
),

settled_relations as (
    select
        customer_key,
        {{ settles_on }} as settled_on
    from relations
),

{#- Usage of a month that has ended can still change by rows that arrive late. -#}
late_usage as (
    select customer_keys.customer_key
    from customer_keys
    inner join {{ landed('crm', 'usage_daily') }} as arrived on customer_keys.customer_id = arrived.customer_id
    where arrived.usage_date < {{ month_of(as_of_date()) }}
),

final as (
    select customer_key from customers
    union
    select customer_key from differences
    union
    select customer_key from settled_relations
    where settled_on >= {{ previous_as_of_date() }}
    union
    select customer_key from late_usage
)
{%- else -%}
final as (
    select customer_key from customers
    union
    select customer_key from customer_keys
    {{ 'where false' if not is_incremental_run() }}
)
{%- endif %}

select * from final
