with customers as (
    select * from {{ ref('stg_crm__customers') }}
),

final as (
    {%- if is_incremental_run() %}
    select arrived.customer_id from {{ landed('crm', 'customers') }} as arrived
    union
    select customer_id from customers
    where updated_at >= {{ previous_as_of_timestamp() }} or created_at >= {{ previous_as_of_timestamp() }}
    {%- else %}
    select customer_id
    from customers
    where false
    {%- endif %}
)

select * from final
