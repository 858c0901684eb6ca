{{ config(tags=['decide']) }}
{#- The strongest cause of each dissatisfied answer, with the step, process and team, and the tickets that show it: the one
    answered about, else those the customer opened shortly before; an answer about an order is shown by the order. -#}
with causes as (
    select * from {{ ref('root_causes') }}
    where scope = 'response' and cause_rank = 1
),

responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
),

rules as (
    select * from {{ ref('root_cause_rules') }}
),

processes as (
    select * from {{ ref('root_cause_processes') }}
),

tickets as (
    select
        ticket_id,
        customer_key,
        team,
        opened_at
    from {{ ref('fct_tickets') }}
),

known as (
    select
        causes.response_id,
        causes.customer_key,
        causes.segment,
        causes.contribution,
        causes.cause_code,
        replace(causes.cause_code, 'other_', '') as driver_code,
        responses.responded_at,
        responses.touchpoint,
        responses.team,
        responses.ticket_id,
        responses.order_id,
        rules.evidence_days
    from causes
    inner join responses on causes.response_id = responses.response_id
    inner join rules on causes.outcome = rules.outcome
),

shown as (
    select
        known.response_id,
        tickets.ticket_id,
        tickets.team
    from known
    inner join tickets
        on known.ticket_id = tickets.ticket_id
    union all
    select
        known.response_id,
        tickets.ticket_id,
        tickets.team
    from known
    inner join tickets
        on known.customer_key = tickets.customer_key
        and tickets.opened_at < known.responded_at
        and tickets.opened_at >= {{ timestamp_add_days('known.responded_at', '-known.evidence_days') }}
    where known.ticket_id is null
),

latest_team as (
    select
        response_id,
        max(team) as team
    from shown
    group by response_id
),

final as (
    select
        known.response_id,
        known.customer_key,
        coalesce(known.segment, 'unknown') as segment,
        known.contribution,
        coalesce(known.touchpoint, 'unknown') as symptom,
        coalesce(processes.process_code, 'other') as process_code,
        coalesce(known.team, latest_team.team, 'unknown') as team,
        known.cause_code,
        case when shown.ticket_id is not null then 'ticket' when known.order_id is not null then 'order' end as evidence_kind,
        coalesce(shown.ticket_id, known.order_id) as evidence_id,
        row_number() over (partition by known.response_id order by shown.ticket_id) as evidence_rank
    from known
    left join shown on known.response_id = shown.response_id
    left join latest_team on known.response_id = latest_team.response_id
    left join processes on known.driver_code = processes.cause_code
)

select * from final
