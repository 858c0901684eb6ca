{#- Jinja list of the signals that can trigger a playbook scenario and are feature columns. -#}
{% macro feature_signals() -%}
    {{ return([
        'complaints_90d', 'oldest_open_ticket_days', 'open_tickets', 'reopened_tickets_90d', 'broken_ticket_promises_90d',
        'late_deliveries_90d', 'outage_minutes_28d', 'last_csat', 'last_nps', 'last_ces', 'csat_change', 'nps_change',
        'waits_over_promise_90d', 'price_change_share_90d', 'days_to_term_end', 'usage_minutes_change_28d',
        'days_since_last_use', 'refunds_90d', 'days_since_last_order', 'churn_probability',
    ]) }}
{%- endmacro %}


{#- Jinja list of the signals that can trigger a playbook scenario and come from other tables. -#}
{% macro other_signals() -%}
    {{ return([
        'health_drop', 'points_at_stake', 'upgrade_missing_cents', 'downgrade_days', 'stage_new', 'stage_declining',
        'stage_won_back', 'order_overdue',
    ]) }}
{%- endmacro %}
