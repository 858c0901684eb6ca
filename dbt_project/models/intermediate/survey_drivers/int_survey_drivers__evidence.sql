{{ config(tags=['decide']) }}
{#- Evidence is the ticket that the response is about, or else the tickets that the customer opened shortly before; for
    a response about an order, the order. -#}
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

dissatisfied_responses as (
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

evidence_tickets as (
    select
        dissatisfied_responses.response_id,
        tickets.ticket_id,
        tickets.team
    from dissatisfied_responses
    inner join tickets
        on dissatisfied_responses.ticket_id = tickets.ticket_id
    union all
    select
        dissatisfied_responses.response_id,
        tickets.ticket_id,
        tickets.team
    from dissatisfied_responses
    inner join tickets
        on dissatisfied_responses.customer_key = tickets.customer_key
        and tickets.opened_at < dissatisfied_responses.responded_at
        and tickets.opened_at >= {{ timestamp_add_days('dissatisfied_responses.responded_at', '-dissatisfied_responses.evidence_days') }}
    where dissatisfied_responses.ticket_id is null
),

latest_team as (
    select
        response_id,
        max(team) as team
    from evidence_tickets
    group by response_id
),

final as (
    select
        dissatisfied_responses.response_id,
        dissatisfied_responses.customer_key,
        coalesce(dissatisfied_responses.segment, 'unknown') as segment,
        dissatisfied_responses.contribution,
        coalesce(dissatisfied_responses.touchpoint, 'unknown') as symptom,
        coalesce(processes.process_code, 'other') as process_code,
        coalesce(dissatisfied_responses.team, latest_team.team, 'unknown') as team,
        dissatisfied_responses.cause_code,
        case
            when evidence_tickets.ticket_id is not null then 'ticket'
            when dissatisfied_responses.order_id is not null then 'order'
        end as evidence_kind,
        coalesce(evidence_tickets.ticket_id, dissatisfied_responses.order_id) as evidence_id,
        row_number() over (partition by dissatisfied_responses.response_id order by evidence_tickets.ticket_id) as evidence_rank
    from dissatisfied_responses
    left join evidence_tickets on dissatisfied_responses.response_id = evidence_tickets.response_id
    left join latest_team on dissatisfied_responses.response_id = latest_team.response_id
    left join processes on dissatisfied_responses.driver_code = processes.cause_code
)

select * from final
