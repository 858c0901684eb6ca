{%- set customer_keys = ref('int_identity__customer_keys') -%}
with accounts as (
    select customer_id from {{ ref('int_changes__accounts') }}
    union
    select identifier as customer_id
    from {{ ref('int_changes__identifiers') }}
    where identifier_type = 'customer_id'
),

customer_keys as (
    select * from {{ customer_keys }}
    {%- if is_incremental_run() %}
    union all
    select * from {{ previous_version(customer_keys) }}
    {%- endif %}
),

final as (
    select distinct customer_keys.customer_key
    from customer_keys
    inner join accounts on customer_keys.customer_id = accounts.customer_id
)

select * from final
