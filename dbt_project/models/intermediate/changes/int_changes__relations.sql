{%- set relations, settles_on = ref('int_value__relations'), settled_on() -%}
with customers as (
    select * from {{ ref('int_changes__customers') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

{% if is_in_same_month() -%}
tonight as (
    select * from {{ relations }}
),

before as (
    select * from {{ previous_version(relations) }}
),

moved as (
    (select * from before except select * from tonight)
    union all
    (select * from tonight except select * from before)
),

settling as (
    select
        customer_key,
        {{ settles_on }} as settled_on
    from tonight
),

used as (
    select customer_keys.customer_key
    from customer_keys
    inner join {{ landed('crm', 'usage_daily') }} as arrived on customer_keys.customer_id = arrived.customer_id
    where arrived.usage_date < {{ month_of(as_of_date()) }}
),

final as (
    select customer_key from customers
    union
    select customer_key from moved
    union
    select customer_key from settling
    where settled_on >= {{ previous_as_of_date() }}
    union
    select customer_key from used
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
