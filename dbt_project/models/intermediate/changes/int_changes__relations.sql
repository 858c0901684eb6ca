{%- set relations = ref('int_value__relations') -%}
with tonight as (
    select * from {{ relations }}
),

settling as (
    select
        customer_key,
        {{ settled_on() }} as settled_on
    from {{ relations }}
),

customers as (
    select * from {{ ref('int_changes__customers') }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

{% if is_in_same_month() -%}
before as (
    select * from {{ as_before(relations) }}
),

moved as (
    (select * from before except select * from tonight)
    union all
    (select * from tonight except select * from before)
),

used as (
    select arrived.customer_id
    from {{ landed('crm', 'usage_daily') }} as arrived
    where arrived.usage_date < {{ month_of(as_of_date()) }}
),

{% endif -%}
final as (
    {%- if is_in_same_month() %}
    select customer_key from customers
    union
    select customer_key from moved
    union
    select customer_keys.customer_key
    from customer_keys
    inner join used on customer_keys.customer_id = used.customer_id
    union
    select customer_key
    from settling
    where settled_on >= {{ since_date() }}
    {%- else %}
    select customer_key
    from customer_keys
    {{ 'where false' if not goes_on() }}
    union
    select customer_key
    from customers
    {%- endif %}
)

select * from final
