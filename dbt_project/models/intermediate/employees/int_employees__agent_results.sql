{#- Mean of the agent's cases minus the mean expected for their kind. The variances within and between agents are the
    method-of-moments estimates of an unbalanced one-way analysis of variance. -#}
with cases as (
    select * from {{ ref('int_employees__cases') }}
),

overall as (
    select
        measure,
        {{ exact_mean('value') }} as mean_value,
        {{ threshold('employees', 'case_mix_prior_cases') }} as prior_cases
    from cases
    group by measure
),

kinds as (
    select
        cases.measure,
        cases.category,
        cases.priority,
        cases.channel,
        ({{ exact_sum('cases.value') }} + max(overall.prior_cases * overall.mean_value)) / (count(*) + max(overall.prior_cases))
            as expected_value
    from cases
    inner join overall on cases.measure = overall.measure
    group by cases.measure, cases.category, cases.priority, cases.channel
),

residuals as (
    select
        cases.measure,
        cases.employee_id,
        cases.value,
        {{ steady('kinds.expected_value') }} as expected_value,
        {{ steady('cases.value - kinds.expected_value') }} as residual
    from cases
    inner join kinds
        on cases.measure = kinds.measure
        and cases.category = kinds.category
        and cases.priority = kinds.priority
        and cases.channel = kinds.channel
),

agents as (
    select
        measure,
        employee_id,
        cast(count(*) as double) as case_count,
        {{ exact_mean('value') }} as raw_value,
        {{ exact_mean('expected_value') }} as expected_value,
        {{ exact_mean('residual') }} as mean_residual,
        {{ exact_sum('residual * residual') }} as square_sum
    from residuals
    group by measure, employee_id
),

totals as (
    select
        measure,
        sum(case_count) as all_cases,
        count(*) as agent_count,
        {{ exact_sum('case_count * mean_residual') }} / sum(case_count) as grand_residual,
        sum(case_count * case_count) as squared_counts,
        {{ exact_sum('square_sum - case_count * mean_residual * mean_residual') }} as squares_within,
        {{ exact_sum('case_count * mean_residual * mean_residual') }}
        - {{ exact_sum('case_count * mean_residual') }} * {{ exact_sum('case_count * mean_residual') }} / sum(case_count)
            as squares_between
    from agents
    group by measure
),

variances as (
    select
        totals.*,
        overall.mean_value,
        greatest(squares_within, 0) / nullif(all_cases - agent_count, 0) as variance_within
    from totals
    inner join overall on totals.measure = overall.measure
),

final as (
    select
        agents.measure,
        agents.employee_id,
        agents.case_count,
        {{ steady('agents.raw_value') }} as raw_value,
        {{ steady('agents.expected_value') }} as expected_value,
        {{ steady('agents.mean_residual - variances.grand_residual') }} as deviation,
        variances.agent_count,
        {{ steady('variances.mean_value') }} as mean_value,
        {{ steady('variances.variance_within') }} as variance_within,
        {{ steady(
            'greatest((variances.squares_between - (variances.agent_count - 1) * variances.variance_within) '
            ~ '/ nullif(variances.all_cases - variances.squared_counts / variances.all_cases, 0), 0)'
        ) }} as variance_between
    from agents
    inner join variances on agents.measure = variances.measure
)

select * from final
