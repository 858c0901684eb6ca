{{ config(materialized='view') }}
{#- First in, first out: what left the account burns the points that were earned first. With running sums: of a lot is left
    what is earned up to it, less all that was burned, at most the lot itself. -#}
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

burned as (
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
        cast(greatest(least(earned.earned_so_far - coalesce(burned.points, 0), earned.points), 0) as bigint) as points_left
    from earned
    left join burned on earned.customer_key = burned.customer_key
)

select * from final
