{{ config(materialized='view') }}
{#- First in, first out, computed with running sums: the points left of an entry are all points earned up to and
    including it, minus all deductions, limited to the range from 0 to its own points. -#}
with entries as (
    select
        customer_keys.customer_key,
        ledger.entry_id,
        ledger.entry_at,
        ledger.points,
        ledger.expires_at
    from {{ ref('stg_crm__loyalty_ledger') }} as ledger
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys on ledger.customer_id = customer_keys.customer_id
    where ledger.entry_at < {{ as_of_timestamp() }}
),

deducted as (
    select
        customer_key,
        -sum(points) as points
    from entries
    where points < 0
    group by customer_key
),

earned as (
    select
        *,
        sum(points) over (
            partition by customer_key
            order by entry_at, entry_id
            rows between unbounded preceding and current row
        ) as earned_so_far
    from entries
    where points > 0
),

final as (
    select
        earned.customer_key,
        earned.entry_id,
        earned.entry_at as earned_at,
        earned.expires_at,
        cast(earned.points as bigint) as points_earned,
        cast(greatest(least(earned.earned_so_far - coalesce(deducted.points, 0), earned.points), 0) as bigint) as points_left
    from earned
    left join deducted on earned.customer_key = deducted.customer_key
)

select * from final
