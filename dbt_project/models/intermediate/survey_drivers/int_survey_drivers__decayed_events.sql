{%- set event_columns = {
    'late_order': ('late_orders_recent', 'fct_orders'),
    'ticket': ('tickets_recent', 'fct_tickets'),
    'missed_solution': ('missed_solutions_recent', 'fct_tickets'),
    'slow_answer': ('slow_answers_recent', 'fct_tickets'),
    'reopening': ('reopenings_recent', 'fct_tickets'),
    'contact': ('contacts_recent', 'stg_crm__interactions'),
    'long_wait': ('long_waits_recent', 'stg_crm__interactions'),
    'outage': ('outage_hours_recent', 'stg_crm__usage_daily'),
    'price_rise': ('price_rise_recent', 'int_subscription_versions'),
} %}
-- Events of the order or ticket that the response is about are left out: int_survey_drivers__orders and
-- int_survey_drivers__tickets describe those.
-- noqa: disable=LT02
with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
    where customer_key is not null
),

decayed_events as (
    select
        responses.response_id,
        events.kind,
        events.dose * power(
            0.5,
            {{ seconds_between('events.happened_at', 'responses.responded_at') }}
            / 86400.0 / {{ var('satisfaction_memory_half_life_days') }}
        ) as dose
    from responses
    inner join {{ ref('int_survey_drivers__events') }} as events
        on responses.customer_key = events.customer_key
        and events.happened_at < responses.responded_at
        and events.happened_at >= {{ timestamp_add_days('responses.responded_at', -365) }}
    where coalesce(responses.order_id != events.subject_id, true) and coalesce(responses.ticket_id != events.subject_id, true)
),

response_sums as (
    select
        response_id,
        {% for kind, (name, _) in event_columns.items() -%}
        {{ exact_sum("case when kind = '" ~ kind ~ "' then dose end") }} as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from decayed_events
    group by response_id
),

available as (
    select
        {% for table in event_columns.values() | map(attribute=1) | unique -%}
        (select count(*) from {{ ref(table) }}) > 0 as has_{{ table }}{{ ',' if not loop.last }}
        {% endfor %}
),

final as (
    select
        responses.response_id,
        {% for name, table in event_columns.values() -%}
        {{ steady('case when available.has_' ~ table ~ ' then coalesce(response_sums.' ~ name ~ ', 0) end') }}
            as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from responses
    cross join available
    left join response_sums on responses.response_id = response_sums.response_id
)

select * from final
