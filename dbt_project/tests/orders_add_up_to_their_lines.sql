-- Order count, gross and refunded amounts of fct_orders equal those of the staged lines from before as_of.
with staged as (
    select
        count(distinct order_id) as order_count,
        coalesce(sum(greatest(coalesce(amount_cents, round(quantity * unit_price_cents)), 0)), 0) as gross_cents,
        coalesce(sum(least(coalesce(amount_cents, round(quantity * unit_price_cents)), 0)), 0) as refund_cents
    from {{ ref('stg_crm__orders') }}
    where ordered_at < {{ as_of_timestamp() }}
),

published as (
    select
        count(*) as order_count,
        coalesce(sum(gross_cents), 0) as gross_cents,
        coalesce(-sum(refund_cents), 0) as refund_cents
    from {{ ref('fct_orders') }}
)

select
    staged.order_count,
    published.order_count as published_order_count,
    staged.gross_cents,
    published.gross_cents as published_gross_cents,
    staged.refund_cents,
    published.refund_cents as published_refund_cents
from staged
cross join published
where
    staged.order_count != published.order_count
    or abs(staged.gross_cents - published.gross_cents) > 0.5
    or abs(staged.refund_cents - published.refund_cents) > 0.5
