{%- set json_columns = [
    'customers.region', 'customers.segment', 'customers.country', 'customers.language', 'customers.acquisition_channel',
    'customers.is_vip', 'subscriptions.plan', 'subscriptions.product',
] -%}
{%- set attribute_fields = var('attributes') | reject('in', [
    'region', 'segment', 'country', 'language', 'acquisition_channel', 'is_vip', 'plan', 'product',
]) | list -%}
{%- set feature_groups = [
    'subscriptions', 'usage', 'tickets', 'signals', 'satisfaction', 'contacts', 'mentions',
    'retention_contacts', 'orders', 'products', 'deliveries', 'points',
] -%}
{#- Joins the feature groups. A group whose source table is absent has no rows, so its features are empty. -#}
with customers as (
    select * from {{ ref('int_features__customers') }}
),

{% for group in feature_groups -%}
{{ group }} as (
    select * from {{ ref('int_features__' ~ group) }}
),

{% endfor -%}
final as (
    select
        customers.customer_key,
        customers.as_of,
        coalesce(subscriptions.has_active_subscription, false) as has_active_subscription,
        coalesce(orders.has_ordered, false) as has_ordered,
        {{ json_of('customers.attributes', attribute_fields, json_columns) }} as attributes,
        {{ expected_value('subscriptions.monthly_price_cents', 'orders.net_revenue_cents_365d', 'customers.attributes') }}
            as expected_value_cents,
        customers.customer_age_days,
        subscriptions.tenure_days,
        subscriptions.active_subscription_count,
        subscriptions.cancelled_subscription_count,
        subscriptions.days_to_term_end,
        subscriptions.term_months,
        subscriptions.monthly_price_cents,
        subscriptions.price_change_share_90d,
        subscriptions.price_change_share_180d,
        usage.usage_sessions_7d,
        usage.usage_sessions_28d,
        usage.usage_sessions_change_28d,
        usage.usage_minutes_7d,
        usage.usage_minutes_28d,
        usage.usage_minutes_change_28d,
        usage.usage_active_days_28d,
        usage.days_since_last_use,
        usage.outage_minutes_28d,
        usage.outage_minutes_90d,
        tickets.tickets_28d,
        tickets.tickets_90d,
        tickets.tickets_365d,
        tickets.days_since_last_ticket,
        tickets.open_tickets,
        tickets.oldest_open_ticket_days,
        tickets.reopened_tickets_90d,
        tickets.complaints_90d,
        tickets.complaints_365d,
        tickets.mean_first_response_minutes_90d,
        tickets.mean_resolution_minutes_90d,
        tickets.broken_ticket_promises_90d,
        signals.tickets_7d,
        signals.complaints_28d,
        signals.unanswered_tickets,
        signals.last_ticket_category,
        signals.contacts_7d,
        signals.outage_minutes_7d,
        signals.region_outage_share_2d,
        signals.overdue_orders,
        satisfaction.survey_responses_365d,
        satisfaction.days_since_last_response,
        satisfaction.last_csat,
        satisfaction.mean_csat_365d,
        satisfaction.csat_change,
        satisfaction.last_nps,
        satisfaction.mean_nps_365d,
        satisfaction.nps_change,
        satisfaction.last_ces,
        contacts.contacts_28d,
        contacts.contacts_90d,
        contacts.days_since_last_contact,
        contacts.mean_wait_minutes_90d,
        contacts.waits_over_promise_90d,
        contacts.wait_over_promise_minutes_90d,
        mentions.mentions_90d,
        retention_contacts.retention_contacts_90d,
        orders.days_since_last_order,
        orders.days_since_first_order,
        orders.orders_30d,
        orders.orders_90d,
        orders.orders_180d,
        orders.orders_365d,
        orders.orders_total,
        orders.orders_change_90d,
        orders.orders_same_season,
        orders.order_days_90d,
        orders.order_days_365d,
        orders.order_days_total,
        orders.order_months_365d,
        orders.order_gap_mean_days,
        orders.order_gap_std_days,
        orders.recency_over_gap,
        orders.net_revenue_cents_30d,
        orders.net_revenue_cents_90d,
        orders.net_revenue_cents_180d,
        orders.net_revenue_cents_365d,
        orders.net_revenue_cents_total,
        orders.average_order_value_cents,
        orders.quantity_365d,
        products.products_90d,
        products.products_365d,
        products.product_buyer_share_365d,
        products.product_demand_30d,
        products.product_repeats_365d,
        orders.refunds_90d,
        orders.refund_share_365d,
        deliveries.late_deliveries_90d,
        deliveries.late_delivery_share_365d,
        deliveries.last_order_days_late,
        points.points_balance,
        points.points_earned_365d,
        points.points_expiring_90d
    from customers
    {% for group in feature_groups -%}
    left join {{ group }} on customers.customer_key = {{ group }}.customer_key and customers.as_of = {{ group }}.as_of
    {% endfor %}
)

select * from final
