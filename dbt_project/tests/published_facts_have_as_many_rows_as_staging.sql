-- No fact table loses or duplicates rows of staging from before as_of.
{% set facts = [
    ('fct_tickets', 'stg_ticket__tickets', 'ticket_id', 'opened_at'),
    ('fct_survey_responses', 'stg_survey__responses', 'response_id', 'responded_at'),
    ('fct_subscriptions', 'stg_crm__subscriptions', 'subscription_id', 'started_at'),
] -%}

with counted as (
    {% for fact, staging, key, event_at in facts -%}
    select
        '{{ fact }}' as fact,
        (select count(*) from {{ ref(fact) }}) as published_count,
        (
            select count(distinct {{ key }})
            from {{ ref(staging) }}
            where {{ event_at }} < {{ as_of_timestamp() }}
        ) as staged_count
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select *
from counted
where published_count != staged_count
