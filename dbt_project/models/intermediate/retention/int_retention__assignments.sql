{#- The customers who would be listed without a holdout: treatment customers up to the list length, and holdout
    customers ranked before the last of them. Only these two groups are comparable, because both would have been
    contacted. -#}
with candidates as (
    select * from {{ ref('int_retention__candidates') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where is_current
),

eligible as (
    select
        candidates.*,
        customers.customer_id,
        customers.name as customer_name,
        customers.owner_id as account_owner_id,
        {{ retention_arm('candidates.customer_key') }} as arm
    from candidates
    inner join customers on candidates.customer_key = customers.customer_key
    where
        coalesce(customers.is_contactable, true)
        and candidates.expected_profit_cents > 0
        and not coalesce(candidates.has_left_already, false)
),

ranked as (
    select
        *,
        row_number() over (order by expected_profit_cents desc, customer_key asc) as eligible_rank,
        sum(case when arm = 'treatment' then 1 else 0 end) over (
            order by expected_profit_cents desc, customer_key asc
            rows between unbounded preceding and current row
        ) as treated_rank
    from eligible
),

final as (
    select * from ranked
    where
        treated_rank < {{ var('retention_list_length') }}
        or (treated_rank = {{ var('retention_list_length') }} and arm = 'treatment')
)

select * from final
