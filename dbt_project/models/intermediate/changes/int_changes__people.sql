{%- set customer_keys = ref('int_identity__customer_keys') -%}
{%- set previous_keys = source('previous_run', 'int_identity__customer_keys_previous') -%}
with changed_accounts as (
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
    select * from {{ previous_keys }}
    {%- endif %}
),

final as (
    select distinct customer_keys.customer_key
    from customer_keys
    inner join changed_accounts on customer_keys.customer_id = changed_accounts.customer_id
)

select * from final
