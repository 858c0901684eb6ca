with customers as (
    select * from {{ ref('stg_crm__customers') }}
),

final as (
    {%- if goes_on() %}
    select arrived.customer_id from {{ landed('crm', 'customers') }} as arrived
    union
    select customer_id from customers
    where updated_at >= {{ since_timestamp() }} or created_at >= {{ since_timestamp() }}
    {%- else %}
    select customer_id
    from customers
    where false
    {%- endif %}
)

select * from final
