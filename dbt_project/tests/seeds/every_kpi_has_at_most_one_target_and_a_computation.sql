with targets as (
    select * from {{ ref('kpi_targets') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

problems as (
    select
        concat(
            'kpi_targets.csv has ', cast(count(*) as string), ' targets for ', metric, '; keep the valid one'
        ) as problem
    from targets
    group by metric
    having count(*) > 1
    union all
    select concat('kpi_targets.csv: ', targets.metric, ' is not a KPI; write one of kpi_definitions.csv') as problem
    from targets
    left join definitions on targets.metric = definitions.metric
    where definitions.metric is null
    union all
    select concat('kpi_definitions.csv: no model computes ', metric, '; remove the line') as problem
    from definitions
    where
        metric not in (
            'nps', 'csat_mean', 'csat_top2', 'ces_mean', 'first_contact_resolution', 'customer_value_cents',
            'repeat_purchase_rate', 'complaint_resolution_hours', 'first_response_minutes'
        )
)

select * from problems
