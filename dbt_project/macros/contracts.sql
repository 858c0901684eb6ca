{#- Generated from warehouse/contracts when dbt is started: do not edit. -#}

{#- Every landed table: source, table; tables that others refer to come first. -#}
{% macro landed_tables() -%}
    {{ return([
        ['crm', 'customers'],
        ['crm', 'employees'],
        ['survey', 'responses'],
        ['ticket', 'tickets'],
        ['crm', 'interactions'],
        ['crm', 'interventions'],
        ['crm', 'loyalty_ledger'],
        ['crm', 'orders'],
        ['crm', 'subscriptions'],
        ['crm', 'usage_daily'],
        ['social', 'mentions'],
        ['survey', 'answers'],
        ['survey', 'employee_responses'],
        ['survey', 'invitations'],
        ['ticket', 'ticket_events'],
    ]) }}
{%- endmacro %}


{#- Records that can change: how they are identified, and the times that change them. -#}
{% macro record_kinds() -%}
    {{ return([
        {'entity': 'response', 'source': 'survey', 'table': 'responses', 'id': 'response_id', 'email': 'email', 'times': ['responded_at']},
        {'entity': 'ticket', 'source': 'ticket', 'table': 'tickets', 'id': 'ticket_id', 'email': 'email', 'phone': 'phone', 'times': ['opened_at', 'first_response_at', 'resolved_at', 'closed_at']},
        {'entity': 'contact', 'source': 'crm', 'table': 'interactions', 'id': 'interaction_id', 'times': ['occurred_at']},
        {'entity': 'intervention', 'source': 'crm', 'table': 'interventions', 'id': 'intervention_id', 'times': ['assigned_at', 'contacted_at']},
        {'entity': 'order', 'source': 'crm', 'table': 'orders', 'id': 'order_id', 'times': ['ordered_at', 'shipped_at', 'delivered_at']},
        {'entity': 'subscription', 'source': 'crm', 'table': 'subscriptions', 'id': 'subscription_id', 'times': ['started_at', 'cancelled_at', 'updated_at']},
        {'entity': 'mention', 'source': 'social', 'table': 'mentions', 'id': 'mention_id', 'handle': 'author_handle', 'times': ['occurred_at']},
        {'entity': 'invitation', 'source': 'survey', 'table': 'invitations', 'id': 'invitation_id', 'email': 'email', 'times': ['sent_at']},
    ]) }}
{%- endmacro %}
