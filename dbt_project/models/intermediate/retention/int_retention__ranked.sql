with candidates as (
    select * from {{ ref('int_retention__candidates') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where is_current
),

ranked as (
    select
        candidates.*,
        customers.customer_id,
        customers.name as customer_name,
        customers.owner_id as account_owner_id,
        row_number() over (
            order by candidates.expected_profit_cents desc, candidates.customer_key asc
        ) as list_rank
    from candidates
    inner join customers on candidates.customer_key = customers.customer_key
    where
        coalesce(customers.is_contactable, true)
        and candidates.expected_profit_cents > 0
        and not coalesce(candidates.has_left_already, false)
),

final as (
    select * from ranked
    where list_rank <= {{ var('retention_list_length') }}
)

select * from final
